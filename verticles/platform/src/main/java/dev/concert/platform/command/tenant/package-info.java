/**
 * {@code concert tenant}: creates, lists and deletes the tenants of a server. It works on the data
 * folder, with or without a running server.
 */
package dev.concert.platform.command.tenant;
