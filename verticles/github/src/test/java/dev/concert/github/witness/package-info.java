/** Other people's clients, unmodified, at the played GitHub, GitLab and Gitea. */
package dev.concert.github.witness;
