import { emptyable, integer, oneOf, text } from '../http/param-kinds.ts';

export const cancellationDetails = {
  comment: emptyable(text),
  feedback: emptyable(
    oneOf(
      'customer_service',
      'low_quality',
      'missing_features',
      'other',
      'switched_service',
      'too_complex',
      'too_expensive',
      'unused',
    ),
  ),
  feedback_option: emptyable(text),
};

export const pauseCollectionParams = {
  behavior: oneOf('keep_as_draft', 'mark_uncollectible', 'void'),
  resumes_at: integer,
};
