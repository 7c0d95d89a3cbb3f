/**
 * Sees when automations are due. {@link dev.concert.automations.engine.TenantAutomations} has one
 * tenant's; {@link dev.concert.automations.engine.ScheduleIndex} knows the earliest time of each
 * tenant, so that the database of one without work stays closed.
 */
package dev.concert.automations.engine;
