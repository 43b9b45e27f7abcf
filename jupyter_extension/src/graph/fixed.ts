/** What a picture does not do: nothing in it is moved, joined or removed, and keys belong to JupyterLab. */

export const NO_KEYS = {
  deleteKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  zoomActivationKeyCode: null,
  panActivationKeyCode: null
};
export const FIXED = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  zoomOnDoubleClick: false,
  proOptions: { hideAttribution: true }
};
