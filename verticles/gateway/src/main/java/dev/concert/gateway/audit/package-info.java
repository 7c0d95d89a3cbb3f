/**
 * The audit log of a tenant: who did what to what, and when.
 *
 * <p>An <em>entry</em> names its actor (a member's id, or {@code operator} for the command line),
 * an action such as {@code member.invited}, a subject (the id of what was acted on) and details.
 * Entries are never changed or deleted; the database itself refuses that. No entry holds a secret.
 */
package dev.concert.gateway.audit;
