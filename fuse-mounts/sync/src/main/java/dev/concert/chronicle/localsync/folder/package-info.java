/**
 * A person's folder as the files of a replica, read and written safely.
 *
 * <p>Nouns. <em>Ignore rules</em> say which files take part. <em>Folder paths</em> translate paths
 * of the wire into paths of this machine and refuse those that leave the folder. The <em>root
 * identity</em> notices that the folder was replaced, for example because a disk was unmounted. The
 * <em>deletion guard</em> asks before an emptied folder empties the workspace. A <em>sync stop</em>
 * ends a sync until a person looks.
 */
package dev.concert.chronicle.localsync.folder;
