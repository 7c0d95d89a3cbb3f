/**
 * GitLab as a forge. {@link dev.concert.github.gitlab.GitLabForge} believes and reads webhooks with
 * {@code GitLabEventReader}; {@code GitLabRepository} asks the REST API about one project, {@code
 * GitLabStatus} sets statuses of commits, and {@code GitLabUpstream} is where git goes.
 */
package dev.concert.github.gitlab;
