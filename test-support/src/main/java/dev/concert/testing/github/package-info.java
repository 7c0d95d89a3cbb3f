/**
 * A played GitHub, in its real wire form. It refuses what the real one refuses. {@link
 * dev.concert.testing.github.FakeGitHub} is the server, a {@link
 * dev.concert.testing.github.FakeRepository} has what people and Apps wrote, and git itself answers
 * git by {@link dev.concert.testing.github.GitBackend}.
 */
package dev.concert.testing.github;
