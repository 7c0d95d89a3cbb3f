/**
 * Brings what comes into an inbox to its owner elsewhere. A <em>channel</em> is a way to do that: a
 * signed webhook, e-mail, chat, or Web Push to the browsers that are a member's <em>devices</em>.
 * Each member says from which <em>severity</em> on items go where. The row that sends an item is
 * written with the item itself, in the outbox of the tenant, so that no crash loses or doubles it;
 * a {@link dev.concert.automations.delivery.TenantDelivery} sends it, posts by {@link
 * dev.concert.automations.delivery.GuardedPosts}.
 */
package dev.concert.automations.delivery;
