/**
 * When an automation is due. A {@link dev.concert.automations.schedule.Schedule} gives the next
 * instant after another one. Expressions are parsed and described by cron-utils, recurrence rules
 * by lib-recur; which instant a local time means is {@link
 * dev.concert.automations.schedule.ZoneClock}'s rule, on java.time.
 */
package dev.concert.automations.schedule;
