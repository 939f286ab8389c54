/**
 * Keys of JSON that stay. A key that is not here becomes a pseudonym: a map may have customers for keys. Forget one, and
 * the copy has a key less that means something; nothing leaves.
 */
export const knownKeys: ReadonlySet<string> = new Set(
  `
access actor after amountMinor anonymized answer applied approval approvalId approved approvedBy asOf asked at
available basis batch before botId botUserId bundle buttons by calls cells changes channelId channelName chargeId
closedAt columns command conditions confirm confirmLabel correlationId credits deadlineAt debt decided decidedBy
decision dispute disputeId document done dueBy duration effect emailVerified empty endAccess endSubscription endedAt
endsSubscription enterpriseId entries entry error events expires expiresAt facts failed features fields file follow
for frozen given glass grace granted groups hasEvidence hash heading headline held hint hold holds how input
isChargeRefundable isDanger isSettings json kind label lastCallAt lastReportAt left leftOut line linked lock look
lookupKey lots lucy_customer mentions model moved needs networks note openedAt options out override pages paste
payment paymentIntent paymentIntentId periodEnd periodStart person phase preferred priceId prices productId
productTier refundedBefore refundedMinor refusal releasedEvents report reports requester responseUrl reverses role roles
rows run runState sections sentence seq side skipBad skipped spent stage stripe stripeCustomer stripeReason subject
submissions submissionsBefore subscriptionId subscriptions supported surface table tables teamId teamName ticket
tier tier_from tier_to timeline timer title tone undo undoes until updated use users value waited warnings
breakGlass ids impacts isInquiry isPrivate payments picture prices problems remedy seqs sessionId unlinked

access_activity_log account_country account_name account_tax_ids actionable active adaptive_pricing address
address_line1_check address_postal_code_check advice_code after_expiration after_submit allow_promotion_codes
allow_redisplay allow_redisplay_filters allowed_countries allowed_payment_method_types allowed_updates amount
amount_authorized amount_capturable amount_captured amount_decimal amount_details amount_discount amount_due
amount_overpaid amount_paid amount_received amount_refunded amount_remaining amount_requested amount_shipping
amount_subtotal amount_tax amount_tax_display amount_total api_version application application_fee
application_fee_amount application_fee_percent attempt_count attempted authentication_flow authorization_code
auto_advance automatic_payment_methods automatic_tax automatically_finalizes_at available_on balance
balance_transaction balance_transactions balance_type billing_address billing_address_collection
billing_cycle_anchor billing_cycle_anchor_config billing_details billing_mode billing_reason billing_schedules
billing_scheme billing_thresholds brand business_name business_profile calculated_statement_descriptor cancel_at
cancel_at_period_end cancel_url canceled_at cancellation_details cancellation_policy cancellation_policy_disclosure
cancellation_reason cancellation_rebuttal capture_method captured card case_type charge checkout_session checks city
client_reference_id client_secret code collected_information collection_method comment configuration
confirmation_method consent consent_collection count country coupon created credited_items currency
currency_conversion current_period_end current_period_start current_trial custom_fields custom_text
custom_unit_amount customer customer_account customer_address customer_balance_transaction customer_communication
customer_creation customer_details customer_email customer_email_address customer_id customer_name customer_phone
customer_purchase_ip customer_shipping customer_signature customer_tax_exempt customer_tax_ids customer_update
cvc_check data days_until_due decline_code default_allowed_updates default_mandate default_payment_method
default_return_url default_source default_tax_rates delinquent description destination_details disabled_reason
discount discount_amount discount_amounts discountable discounts display_brand display_name disputed doc_url due_by
due_date duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id dynamic_last4 effective_at
effective_percentage electronic_commerce_indicator email enabled end end_behavior ended_at ending_balance
enhanced_eligibility enhanced_eligibility_types enhanced_evidence evidence evidence_details exchange_rate
excluded_payment_method_types exemption_indicator exp_month exp_year expires_at extended_authorization
failure_balance_transaction failure_code failure_message failure_reason fee fee_details feedback feedback_option
feedback_options finalized_at fingerprint flat_amount flexible flow footer fraud_details fraud_type from_invoice
funding fx_rate generated_from has_evidence has_more hosted_invoice_url id idempotency_key inclusive
incremental_authorization individual_name installments integration_identifier intended_submission_method interval
interval_count invoice invoice_creation invoice_data invoice_history invoice_item invoice_item_details
invoice_line_item invoice_pdf invoice_prefix invoice_settings is_charge_refundable is_default issuer items
jurisdiction jurisdiction_level last4 last_finalization_error last_payment_error latest_charge latest_invoice
latest_revision liability line1 line2 lines livemode locale login_page lookup_key managed_payments mandate
marked_uncollectible_at maximum_amount_capturable memo message metadata meter missing_payment_method mode
multicapture name net network network_advice_code network_decline_code network_reason_code network_status
network_token network_transaction_id next_action next_invoice_sequence next_payment_attempt
next_pending_invoice_item_invoice nickname number object on_behalf_of origin_context out_of_band_amount outcome
overcapture owner paid paid_at parent past_due pause_collection payment_intent payment_link payment_method
payment_method_collection payment_method_configuration payment_method_configuration_details payment_method_details
payment_method_options payment_method_remove payment_method_reuse_agreement payment_method_save payment_method_types
payment_method_update payment_record payment_record_refund payment_settings payment_status pdf
pending_invoice_item_interval pending_setup_intent pending_update pending_webhooks percentage period period_end
period_start permissions phone phone_number_collection plan position post_payment_amount
post_payment_credit_notes_amount postal_code pre_payment_amount pre_payment_credit_notes_amount preferred_locales
pretax_credit_amounts previous_attributes price price_details pricing privacy_policy_url processing product
product_description promotion_code promotions proration proration_behavior proration_details proration_discounts
provider quantity quantity_decimal quote_details rate_type reason receipt receipt_email receipt_number receipt_url
recovered_from recovery recurring reference reference_status reference_type refund refund_group refund_policy
refund_policy_disclosure refund_refusal_explanation refunded refunds regulated_status rendering rendering_options
reporting_category request result result_reason return_url review risk_level risk_score save_default_payment_method
saved_payment_method_options schedule schedule_at_period_end seller_message service_date service_documentation
setup_future_usage setup_intent shipping shipping_address shipping_address_collection shipping_carrier shipping_cost
shipping_date shipping_details shipping_documentation shipping_options shipping_rate shipping_tracking_number source
source_currency source_transfer source_transfer_reversal start start_date starting_balance state
statement_descriptor statement_descriptor_suffix status status_transitions submission_count submission_method submit
submit_type subscription subscription_cancel subscription_details subscription_item subscription_item_details
subscription_pause subscription_update subtotal subtotal_excluding_tax success_url tax_behavior tax_exempt tax_id
tax_ids tax_rates tax_type taxes template terms_of_service terms_of_service_acceptance terms_of_service_url
test_clock three_d_secure three_d_secure_usage tiers_mode tip total total_details total_discount_amounts
total_excluding_tax total_pretax_credit_amounts total_taxes transaction_id transaction_link_id transfer_data
transfer_group transfer_reversal transform_quantity transform_usage trial_end trial_period_days trial_settings
trial_start trial_update_behavior type ui_mode uncategorized_file uncategorized_text unit_amount unit_amount_decimal
update_shipping_details updated_at url usage usage_type used verified_address verified_email verified_name
verified_phone version voided_at wallet wallet_options webhooks_delivered_at`
    .trim()
    .split(/\s+/),
);

/** Keys whose values our code or Stripe chooses from a list. */
export const keysOfWords: ReadonlySet<string> = new Set(
  `object type status kind tone mode state tier productTier access source interval billing_reason surface
outcome proof cause role phase usage_type collection_method cancellation_reason proration_behavior stage`.split(
    /\s+/,
  ),
);

/** Keys of what others chose: there a word of ours, such as `grace`, may be somebody's name, and a number their postcode. */
export const keysOfOthers: ReadonlySet<string> = new Set(
  `name ticket person phone reference last4 exp_month exp_year birth day month year report model product productId
reportId usageId usage_id tax_id display_name individual_name customer_name customer_phone`.split(/\s+/),
);

/** Whether it is a map that says who somebody is, or that others fill: nothing in it stays but its known keys. */
export function isOpenMap(key: string): boolean {
  return /address/.test(key) || openMaps.has(key);
}

const openMaps = new Set(
  `metadata meta custom_fields card_checks verified_name shipping shipping_details billing_details customer_details
customer_shipping collected_information tax_ids customer_tax_ids account_tax_ids payment_method_details
customer_signature dob owner`.split(/\s+/),
);
