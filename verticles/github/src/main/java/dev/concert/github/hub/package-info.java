/**
 * GitHub as a forge: {@link dev.concert.github.hub.GitHubForge} is what work knows of it, and
 * {@code GitHubUpstream} is where git goes. What only GitHub has (Apps, members' accounts, failed
 * deliveries, news) is in packages of its own.
 */
package dev.concert.github.hub;
