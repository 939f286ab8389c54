import { z } from 'zod';
import { reasonField } from './fields.ts';

/** Denying takes a reason, whatever the surface: the requester is told it. */
export const denyInput = z.object({ reason: reasonField });
