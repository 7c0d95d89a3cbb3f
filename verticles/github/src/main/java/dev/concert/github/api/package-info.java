/**
 * Asks GitHub's REST API. {@link dev.concert.github.api.GitHubClient} makes the calls and keeps
 * GitHub's limits by a {@link dev.concert.github.api.CallPace} for each App; {@link
 * dev.concert.github.api.AppSigner} says who the App is, and {@link
 * dev.concert.github.api.InstallationTokens} gets the tokens with which it works on a repository.
 */
package dev.concert.github.api;
