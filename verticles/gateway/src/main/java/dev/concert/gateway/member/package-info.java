/**
 * The members of a tenant and their roles.
 *
 * <p>A <em>member</em> is a user with a role in one tenant. {@link
 * dev.concert.gateway.member.RegistryMemberships} says who the bearer of a verified token is; the
 * role comes from the tenant's registry. A user becomes a member by an <em>invitation</em>, which
 * is a link with an expiry; by a <em>seat</em>, which the command line makes for a tenant's first
 * owner and which is taken by signing in with its e-mail; or by the configuration, which may admit
 * everybody whose token names the tenant.
 *
 * <p>Large on purpose: who a member is, how somebody becomes one, and how everybody else is refused
 * in the same time are one rule over the same tables.
 */
package dev.concert.gateway.member;
