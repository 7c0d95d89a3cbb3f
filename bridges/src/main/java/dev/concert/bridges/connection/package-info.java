/**
 * The connections of tenants to chat platforms. {@link
 * dev.concert.bridges.connection.ConnectionStore} keeps them; an account of a platform belongs to
 * one tenant. {@link dev.concert.bridges.connection.ConnectionAdmin} adds, tests and removes them.
 */
package dev.concert.bridges.connection;
