/** How long it takes from an edit to its picture, kept where browsers' own tools show it. */

/** The name of the measure; the newest one is kept. */
export const EDIT_TO_GRAPH = 'nb2pipe:edit-to-graph';

export class EditTiming {
  /** The content of the notebook changed. */
  edited(): void {
    this._editedAt = performance.now();
    [this._isAsked, this._isAnswered] = [false, false];
  }

  /** The service is asked about the content as it is. */
  asked(): void {
    this._isAsked = true;
  }

  /** The service has said what it was asked last. */
  answered(): void {
    this._isAnswered = this._isAsked;
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
  private _isAsked = false;
  private _isAnswered = false;
}
