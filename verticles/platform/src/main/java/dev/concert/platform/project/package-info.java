/**
 * A git repository of the user as the workspace of a session. A <em>project</em> is such a
 * repository. The <em>base</em> is a copy of its files as they were sent last; the <em>mirror</em>
 * has the files of the workspace. What differs between the two is the agent's work, and what
 * differs between base and repository is the user's. The <em>index</em> knows what each file looked
 * like, and the <em>exchange</em> makes mirror and workspace equal. No git runs where an agent can
 * write.
 *
 * <p>Large on purpose: most types are small records of the two sides and of a change between them,
 * and none of them means anything without the others.
 */
package dev.concert.platform.project;
