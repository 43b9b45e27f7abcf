/** How long it takes from an edit to its picture, kept where browsers' own tools show it. */

/** The name of the measure; the newest one is kept. */
export const EDIT_TO_GRAPH = 'nb2pipe:edit-to-graph';

export class EditTiming {
  /** The content of the notebook changed. */
  edited(): void {
    this._editedAt = performance.now();
    this._isAnswered = false;
  }

  /** The service has said what the newest content means. */
  answered(): void {
    this._isAnswered = this._editedAt !== null;
  }

  /** What is known has been rendered; it is seen a frame later. */
  rendered(): void {
    const start = this._editedAt;
    if (start !== null && this._isAnswered) {
      this._editedAt = null;
      requestAnimationFrame(() => {
        setTimeout(() => {
          performance.clearMeasures(EDIT_TO_GRAPH);
          performance.measure(EDIT_TO_GRAPH, { start });
        });
      });
    }
  }

  private _editedAt: number | null = null;
  private _isAnswered = false;
}
