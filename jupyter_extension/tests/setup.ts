// What JupyterLab's packages expect of a browser, and jsdom does not have.
if ('window' in globalThis) {
  class FakeDragEvent extends MouseEvent {}
  const matchMedia = (media: string) => Object.assign(new EventTarget(), { media, matches: false });
  Object.assign(globalThis, { DragEvent: FakeDragEvent, matchMedia });
}
