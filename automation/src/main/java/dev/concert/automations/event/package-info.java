/**
 * Events from outside that begin runs. A {@link dev.concert.automations.event.EventWebhooks}
 * request is believed when it is signed with its automation's secret; what it says becomes a slot
 * before the sender gets an answer.
 */
package dev.concert.automations.event;
