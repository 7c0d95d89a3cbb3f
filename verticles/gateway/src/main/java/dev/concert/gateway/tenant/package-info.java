/**
 * The tenants of this server: each is one organisation with members and sessions of its own, which
 * nobody else sees. A tenant's <em>id</em> is what the tenant claim of its members' tokens says; it
 * is also the name of the folder that holds its registry.
 */
package dev.concert.gateway.tenant;
