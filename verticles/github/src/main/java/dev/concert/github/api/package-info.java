/**
 * Calls the REST APIs of forges. {@link dev.concert.github.api.ForgeClient} makes the calls and
 * keeps a forge's limits by a {@link dev.concert.github.api.CallPace} for each connection; {@link
 * dev.concert.github.api.ForgeCalls} are those below one path. A {@link
 * dev.concert.github.api.ForgeRepository} is what work asks of a repository, whatever the forge: to
 * read, comment, open change requests and show the {@link dev.concert.github.api.CommitStatus} of
 * commits. {@link dev.concert.github.api.RepositoryApi} is GitHub's, where {@link
 * dev.concert.github.api.AppSigner} says who an App is, and {@link
 * dev.concert.github.api.InstallationTokens} gets the tokens with which it works on a repository.
 *
 * <p>Large on purpose: what a repository is asked and answers is nine small records and interfaces.
 */
package dev.concert.github.api;
