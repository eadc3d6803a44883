// Stands in for d3-transition, which d3-brush imports to interrupt transitions.
// The page has none, and it would weigh a third of the rest.
export function interrupt() {}
