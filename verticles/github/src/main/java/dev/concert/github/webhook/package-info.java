/**
 * What GitHub tells. {@link dev.concert.github.webhook.GitHubSignature} checks that GitHub sent it,
 * and {@link dev.concert.github.webhook.GitHubEventReader} makes a {@link
 * dev.concert.github.webhook.GitHubEvent} of what concerns Concert.
 */
package dev.concert.github.webhook;
