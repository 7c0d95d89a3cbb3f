// Saves a conversation as a Markdown file.
import { download } from "../lib/download.js";
import { transcriptOf } from "../model/transcript.js";

export class TranscriptDownload {
  open(conversation) {
    const name = conversation.session.name.replace(/[^\p{L}\p{N} _-]/gu, "_");
    download(`${name}.md`, transcriptOf(conversation), "text/markdown");
  }
}
