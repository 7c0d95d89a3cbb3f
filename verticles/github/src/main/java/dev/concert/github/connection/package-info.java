/**
 * What tenants have at forges. A {@link dev.concert.github.connection.ForgeConnection} is an App,
 * or the token of a user, and belongs to one tenant; the {@link
 * dev.concert.github.connection.ForgeConnectionStore} has them, and {@link
 * dev.concert.github.forge.ForgeConnectionAdmin} adds and removes them.
 */
package dev.concert.github.connection;
