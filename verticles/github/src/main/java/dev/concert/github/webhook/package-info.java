/**
 * What forges tell: a {@link dev.concert.github.webhook.ForgeEvent}. {@link
 * dev.concert.github.webhook.GitHubSignature} checks that GitHub sent it, and {@link
 * dev.concert.github.webhook.GitHubEventReader} makes an event of what concerns Concert.
 */
package dev.concert.github.webhook;
