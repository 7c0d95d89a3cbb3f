/**
 * The gateway's side of repositories: {@link dev.concert.gateway.repository.RepositoryHandlers}
 * passes requests on to the service of their host, and {@link
 * dev.concert.gateway.repository.RepositoryNotifications} shows open connections what happens in
 * them.
 */
package dev.concert.gateway.repository;
