/**
 * The Apps of tenants. A {@link dev.concert.github.connection.GitHubConnection} is one App, which
 * belongs to one tenant; the {@link dev.concert.github.connection.GitHubConnectionStore} has them,
 * and {@link dev.concert.github.connection.GitHubConnectionAdmin} adds and removes them.
 */
package dev.concert.github.connection;
