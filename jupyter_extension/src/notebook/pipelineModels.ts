/** One model for each open notebook. */

import type { NotebookPanel } from '@jupyterlab/notebook';

import type { INb2pipe, IPipelineModels } from '../tokens';
import { PipelineModel } from './pipelineModel';

export class PipelineModels implements IPipelineModels {
  /**
   * @param service whose checks they are
   * @param delayMs milliseconds without an edit before a check, as of now
   */
  constructor(
    private readonly _service: INb2pipe,
    private readonly _delayMs: () => number
  ) {
    // What was not answered, or changed behind our back, is asked again when the server is back.
    _service.events.connectedChanged.connect((_, isConnected) => {
      if (isConnected) {
        this._models.forEach(model => model.state === 'offline' && model.refresh());
      }
    });
  }

  for(panel: NotebookPanel): PipelineModel {
    const known = this._models.get(panel);
    if (known) {
      return known;
    }
    const found = new PipelineModel({
      model: panel.context.model,
      path: () => panel.context.localPath,
      client: this._service.client,
      delayMs: this._delayMs()
    });
    const refresh = (): void => found.refresh();
    panel.context.pathChanged.connect(refresh);
    panel.disposed.connect(() => {
      panel.context.pathChanged.disconnect(refresh);
      this._models.delete(panel);
      found.dispose();
    });
    this._models.set(panel, found);
    return found;
  }

  private readonly _models = new Map<NotebookPanel, PipelineModel>();
}
