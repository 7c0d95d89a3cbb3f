/**
 * What becomes of items as they come into an inbox: a {@link
 * dev.concert.automations.triage.RuleMatch} says which rule is for an item, and a {@link
 * dev.concert.automations.triage.TriageDecision} is what an agent says of one.
 */
package dev.concert.automations.triage;
