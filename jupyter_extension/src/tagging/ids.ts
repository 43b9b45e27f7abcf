/** Asks for a name, and lets a step of it begin at the active cell. */
export const START_STEP = 'nb2pipe:start-step';
/** Proposes steps from the headings of the current notebook. */
export const PROPOSE_STEPS = 'nb2pipe:propose-steps';
