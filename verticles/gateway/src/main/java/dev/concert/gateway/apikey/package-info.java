/**
 * API keys: how programs show who they act for.
 *
 * <p>A member creates a <em>key</em> for a program. Its text, the <em>credential</em>, is {@code
 * ck_ID_SECRET}: the id is random and names no tenant, and the secret is stored as its SHA-256. The
 * key is a row of its tenant's registry; the <em>index</em>, a file of its own, says in which. So a
 * lookup is two reads by primary key, however many tenants and keys there are, and neither the
 * credential nor the time that a refusal takes says anything about a tenant.
 *
 * <p>What a key may do is the intersection of its own limits (role, permissions, sessions) and of
 * what its creator, its <em>owner</em>, may do now. Nothing of that is remembered for longer than
 * half a second, so a revoked key, or one whose owner was demoted, ends within a second.
 */
package dev.concert.gateway.apikey;
