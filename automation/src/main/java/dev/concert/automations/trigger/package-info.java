/**
 * Events of chats and repositories that begin runs. {@link
 * dev.concert.automations.trigger.OutsideEvents} finds the automations that wait for an event: its
 * {@link dev.concert.automations.trigger.ChatMatch} or {@link
 * dev.concert.automations.trigger.RepositoryMatch} says which.
 */
package dev.concert.automations.trigger;
