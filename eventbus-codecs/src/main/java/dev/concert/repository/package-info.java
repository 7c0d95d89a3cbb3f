/**
 * What the gateway and the service of a repository host say to each other: {@link
 * dev.concert.repository.RepositoryMessages} has what members ask about repositories, and the news
 * of what happens in them. A repository is one that an App of the tenant serves. A run is work on
 * an issue.
 */
package dev.concert.repository;
