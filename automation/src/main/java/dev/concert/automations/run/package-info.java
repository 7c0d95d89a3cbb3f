/**
 * What a run does: it makes a session as its owner, begins a turn, answers the agent's questions as
 * the policy says, and has the workspace checked at the end. Each step is stored before the next,
 * so a run goes on after a crash where it was. A check has a {@link
 * dev.concert.automations.run.CheckFinding}; the worst of a run is its verdict.
 */
package dev.concert.automations.run;
