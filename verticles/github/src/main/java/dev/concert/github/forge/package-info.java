/**
 * What all forges have in common. A {@link dev.concert.github.forge.Forge} is a kind of place with
 * repositories, such as GitHub or GitLab: it verifies and reads webhooks, proves connections, and
 * gives repositories, in its API and for git. {@link dev.concert.github.forge.Forges} has those of
 * this server, and {@link dev.concert.github.forge.ForgeConnectionAdmin} the connections of tenants
 * to them. A new forge is a package beside {@code hub}, {@code gitlab} and {@code gitea}.
 */
package dev.concert.github.forge;
