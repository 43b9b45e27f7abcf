/** What a terminal would show of a log, as plain text. */

// Colours and movements of the cursor (CSI), titles and links (OSC), and other two-character sequences.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** A text without escape sequences; of a line written over again and again, its last state. */
export function plain(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replace(/\r+\n/g, '\n')
    .replace(/[^\n]*\r(?=[^\n])/g, '');
}
