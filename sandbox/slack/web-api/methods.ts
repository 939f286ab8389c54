import { appsConnectionsOpen } from './apps-connections-open.ts';
import { authTest } from './auth-test.ts';
import { chatDelete } from './chat-delete.ts';
import { chatGetPermalink } from './chat-get-permalink.ts';
import { chatPostEphemeral } from './chat-post-ephemeral.ts';
import { chatPostMessage } from './chat-post-message.ts';
import { chatUpdate } from './chat-update.ts';
import {
  conversationsInfo,
  conversationsJoin,
  conversationsList,
  conversationsMembers,
  conversationsOpen,
} from './conversations.ts';
import { filesCompleteUploadExternal, filesGetUploadUrlExternal, filesInfo } from './files.ts';
import {
  conversationsArchive,
  conversationsCreate,
  conversationsInvite,
  conversationsSetTopic,
  conversationsUnarchive,
  usersConversations,
} from './managed-channels.ts';
import type { Method } from './method.ts';
import { pinsAdd } from './pins-add.ts';
import { usergroupsList, usergroupsUsersList } from './usergroups.ts';
import { usersInfo, usersLookupByEmail } from './users.ts';
import { viewsOpen, viewsPush } from './views-open.ts';
import { viewsPublish, viewsUpdate } from './views-update.ts';

/** Every Web API method that the sandbox imitates. */
export const methods: Readonly<Record<string, Method>> = {
  'apps.connections.open': appsConnectionsOpen,
  'auth.test': authTest,
  'chat.delete': chatDelete,
  'chat.getPermalink': chatGetPermalink,
  'chat.postEphemeral': chatPostEphemeral,
  'chat.postMessage': chatPostMessage,
  'chat.update': chatUpdate,
  'conversations.archive': conversationsArchive,
  'conversations.create': conversationsCreate,
  'conversations.info': conversationsInfo,
  'conversations.invite': conversationsInvite,
  'conversations.join': conversationsJoin,
  'conversations.list': conversationsList,
  'conversations.members': conversationsMembers,
  'conversations.open': conversationsOpen,
  'conversations.setTopic': conversationsSetTopic,
  'conversations.unarchive': conversationsUnarchive,
  'files.completeUploadExternal': filesCompleteUploadExternal,
  'files.getUploadURLExternal': filesGetUploadUrlExternal,
  'files.info': filesInfo,
  'pins.add': pinsAdd,
  'usergroups.list': usergroupsList,
  'usergroups.users.list': usergroupsUsersList,
  'users.conversations': usersConversations,
  'users.info': usersInfo,
  'users.lookupByEmail': usersLookupByEmail,
  'views.open': viewsOpen,
  'views.publish': viewsPublish,
  'views.push': viewsPush,
  'views.update': viewsUpdate,
};
