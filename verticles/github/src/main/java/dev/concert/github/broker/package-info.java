/**
 * Git between Concert and GitHub. A {@link dev.concert.github.broker.GitBroker} answers git on the
 * loopback and passes it on with a token, which git never has; a {@link
 * dev.concert.github.broker.GitGrant} says which repository and which branch.
 */
package dev.concert.github.broker;
