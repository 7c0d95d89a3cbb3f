/**
 * Which files of a workspace have versions, and how often.
 *
 * <p>Nouns. An <em>excluded</em> path has only its present state: it is in the workspace, in
 * archives of now and in replicas, but has no iterations. A <em>large-file rule</em> says how often
 * files from a size on get a version, or that they get none.
 */
package dev.concert.chronicle.versioning;
