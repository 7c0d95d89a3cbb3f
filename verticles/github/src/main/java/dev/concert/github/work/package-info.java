/**
 * Work on issues. A {@link dev.concert.github.work.WorkItem} is an issue that an agent works on, in
 * a session and on a branch of its own; a {@link dev.concert.github.work.WorkTask} is one turn of
 * it. {@link dev.concert.github.work.TenantWork} takes events of a tenant through its inbox, {@link
 * dev.concert.github.work.EventIntake} decides what they start, and {@link
 * dev.concert.github.work.TaskRun} brings a task to its end. What is said on GitHub leaves through
 * an outbox. Every step can be repeated, so a crash between two of them changes nothing.
 *
 * <p>Large on purpose: the steps share what is stored of one task, and nobody else uses them.
 */
package dev.concert.github.work;
