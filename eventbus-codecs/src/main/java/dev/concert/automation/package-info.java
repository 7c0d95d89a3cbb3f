/**
 * What the gateway and the automation engine say to each other, and what both know of an
 * automation: its {@link dev.concert.automation.AutomationTrigger} says when, its {@link
 * dev.concert.automation.AutomationTask} what, its {@link dev.concert.automation.AutomationPolicy}
 * how. A slot is one time at which it is due; a run is the work that a slot begins.
 */
package dev.concert.automation;
