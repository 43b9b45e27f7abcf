/** The plugin that underlines findings in cells. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';

import { INb2pipe, IPipelineModels } from '../tokens';
import { CellFindings } from './cellFindings';
import { underlines } from './underlines';

export const underlinePlugin: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:underlines',
  description: 'Underlines what keeps a notebook from being a pipeline.',
  autoStart: true,
  requires: [INb2pipe, IPipelineModels, INotebookTracker, IEditorExtensionRegistry],
  activate: (
    _: JupyterFrontEnd,
    service: INb2pipe,
    models: IPipelineModels,
    tracker: INotebookTracker,
    extensions: IEditorExtensionRegistry
  ): void => {
    const findings = new CellFindings();
    extensions.addExtension({
      name: 'nb2pipe-findings',
      factory: ({ inline, model }) =>
        inline
          ? EditorExtensionRegistry.createImmutableExtension(underlines(findings, model.sharedModel))
          : null
    });
    const follow = async (panel: NotebookPanel): Promise<void> => {
      const [isThere] = await Promise.all([service.ready, panel.context.ready]);
      if (isThere && !panel.isDisposed) {
        const pipeline = models.for(panel);
        const show = (): void => findings.set(panel.context.model, pipeline.diagnostics);
        pipeline.changed.connect(show); // it lives as long as the panel
        show();
      }
    };
    tracker.widgetAdded.connect((_tracker, panel) => void follow(panel));
  }
};
