/**
 * What a run does: it makes a session as its owner, begins a turn, answers the agent's questions as
 * the policy says, and checks the workspace at the end. Each step is stored before the next, so a
 * run goes on after a crash where it was.
 */
package dev.concert.automations.run;
