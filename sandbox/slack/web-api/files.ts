import { bot } from '#sandbox/cast.ts';
import { isRecord, textAt } from '../json.ts';
import { fileObject } from '../payloads/file-object.ts';
import { privateFileObject } from '../payloads/private-file-object.ts';
import { addMessage, threadRoot } from '../world/messages.ts';
import { isSeenByApp } from '../world/person-file.ts';
import { announceFile, typeOfFile } from '../world/shared-file.ts';
import { type Method, missing, ok, refuse } from './method.ts';

/** “Description for the image is longer than the limit of 1000 character”. */
const ALT_MAX = 1000;

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal: an address for a file of so many bytes. */
export const filesGetUploadUrlExternal: Method = {
  scope: 'files:write',
  answer: (args, context) => {
    if (textAt(args, 'filename') === '') return missing('filename');
    const size = Number(args.length);
    // “Typically only occurs when the length provided is 0.”
    if (!Number.isInteger(size) || size <= 0) return refuse('missing_argument');
    const altText = textAt(args, 'alt_txt');
    if (altText.length > ALT_MAX) return refuse('alt_txt_too_large');
    const file = announceFile(context.world, textAt(args, 'filename'), size, altText);
    return ok({ upload_url: `${context.settings.baseUrl()}/upload/v1/${file.tail}`, file_id: file.id });
  },
};

/** Slack's own pattern; a user id is refused by it (slackapi/bolt-js#2115). */
const channelPattern = '^[CGDZ][A-Z0-9]{8,}$';

/**
 * https://docs.slack.dev/reference/methods/files.completeUploadExternal: shares what was uploaded, once. Unlike a
 * message, a file needs membership of the channel even with `chat:write.public`.
 */
export const filesCompleteUploadExternal: Method = {
  scope: 'files:write',
  answer: (args, context) => {
    const { world } = context;
    const listed = Array.isArray(args.files) ? args.files.filter(isRecord) : [];
    if (listed.length === 0) return missing('files');
    const found = listed.map((entry) => ({ entry, file: world.files.get(textAt(entry, 'id')) }));
    const uploaded = found.flatMap(({ entry, file }) =>
      file && file.bytes !== null && !file.isShared ? [{ entry, file }] : [],
    );
    if (uploaded.length < listed.length) return refuse('file_not_found');
    const channelId = textAt(args, 'channel_id');
    if (channelId !== '' && !new RegExp(channelPattern).test(channelId)) {
      const message = `input must match regex pattern: ${channelPattern}`;
      return refuse('invalid_arguments', [{ message, pointer: '/channel_id' }]);
    }
    const channel = world.channels.get(channelId);
    const isHidden = !channel || (channel.isPrivate && !channel.members.has(bot.userId));
    if (channelId !== '' && isHidden) return refuse('channel_not_found');
    if (channel && !channel.members.has(bot.userId)) return refuse('not_in_channel');
    if (channel?.isArchived) return refuse('posting_to_channel_denied');
    for (const { entry, file } of uploaded) {
      file.title = textAt(entry, 'title') || file.name;
      file.isShared = true;
    }
    // A description of what is no picture: Slack says ok and shares it with nobody (python-slack-sdk#1818).
    const isLost = uploaded.some(({ file }) => file.altText !== '' && !typeOfFile(file.name).isPicture);
    if (channel && !isLost) {
      const root = threadRoot(world, channel.id, textAt(args, 'thread_ts'));
      addMessage(world, {
        channel: channel.id,
        user: bot.userId,
        text: textAt(args, 'initial_comment'),
        files: uploaded.map(({ file }) => file.id),
        ...(root === null ? {} : { threadTs: root }),
      });
    }
    return ok({ files: uploaded.map(({ file }) => fileObject(file)) });
  },
};

/** https://docs.slack.dev/reference/methods/files.info: a file that the app can see. */
export const filesInfo: Method = {
  scope: 'files:read',
  answer: (args, context) => {
    const file = context.world.files.get(textAt(args, 'file'));
    if (!file?.isShared || !isSeenByApp(context.world, file, bot.userId)) return refuse('file_not_found');
    return ok({ file: privateFileObject(context, file), comments: [] });
  },
};
