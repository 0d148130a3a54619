-- Payment files: what a file says never changes, maker and signatories are different people, moves are the allowed ones.

CREATE FUNCTION public.guard_payment_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a payment file is never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'DRAFT' THEN
            RAISE EXCEPTION 'a payment file begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_begins_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.reference, NEW.institution_id, NEW.bank_account_id, NEW.profile_id, NEW.currency, NEW.rail, NEW.execute_on,
        NEW.purpose_code, NEW.total_minor, NEW.payment_count, NEW.snapshot, NEW.content, NEW.sha256, NEW.maker_id, NEW.made_at)
       IS DISTINCT FROM
       (OLD.reference, OLD.institution_id, OLD.bank_account_id, OLD.profile_id, OLD.currency, OLD.rail, OLD.execute_on,
        OLD.purpose_code, OLD.total_minor, OLD.payment_count, OLD.snapshot, OLD.content, OLD.sha256, OLD.maker_id, OLD.made_at) THEN
        RAISE EXCEPTION 'what a payment file says stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_stands';
    END IF;
    IF OLD.status <> 'DRAFT' AND NEW.signatories <> OLD.signatories THEN
        RAISE EXCEPTION 'the signatories of a signed file stand'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_stands';
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF (OLD.status, NEW.status) NOT IN (
        ('DRAFT', 'SIGNED'), ('DRAFT', 'WITHDRAWN'), ('SIGNED', 'SENT'), ('SIGNED', 'WITHDRAWN'), ('SENT', 'ANSWERED')
    ) THEN
        RAISE EXCEPTION 'a payment file does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_moves';
    END IF;
    IF NEW.status = 'SIGNED' AND (
        SELECT count(*) FROM public.file_signature s
        WHERE s.payment_file_id = NEW.id AND s.sha256 = NEW.sha256 AND s.signatory_id <> NEW.maker_id
    ) < NEW.signatories THEN
        RAISE EXCEPTION 'signatures are missing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_signed_by_enough';
    END IF;
    IF NEW.status = 'SENT' AND EXISTS (
        SELECT FROM public.file_payment p JOIN public.disbursement d ON d.id = p.disbursement_id
        WHERE p.payment_file_id = NEW.id AND d.status <> 'RELEASED'
    ) THEN
        RAISE EXCEPTION 'a payment of the file is not released any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_file_of_released';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_payment_file BEFORE INSERT OR UPDATE OR DELETE ON public.payment_file
FOR EACH ROW EXECUTE FUNCTION public.guard_payment_file();

CREATE FUNCTION public.guard_file_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    holder public.payment_file%ROWTYPE;
    paid public.disbursement%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a payment is never taken out of its file' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO holder FROM public.payment_file WHERE id = NEW.payment_file_id;
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO paid FROM public.disbursement WHERE id = NEW.disbursement_id;
        IF holder.status <> 'DRAFT' OR NOT NEW.live OR NEW.answer <> 'NONE' OR paid.status <> 'RELEASED'
           OR (paid.amount_minor, paid.currency, paid.reference, paid.payer_account_id)
              IS DISTINCT FROM (NEW.amount_minor, NEW.currency, NEW.end_to_end_id, holder.bank_account_id)
           OR paid.currency <> holder.currency THEN
            RAISE EXCEPTION 'only released payments of the file''s account and currency are put into a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'file_payment_of_released';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.payment_file_id, NEW.number, NEW.disbursement_id, NEW.end_to_end_id, NEW.uetr, NEW.amount_minor, NEW.currency)
       IS DISTINCT FROM
       (OLD.payment_file_id, OLD.number, OLD.disbursement_id, OLD.end_to_end_id, OLD.uetr, OLD.amount_minor, OLD.currency)
       OR (NEW.live AND NOT OLD.live) OR (OLD.live AND NOT NEW.live AND holder.status <> 'WITHDRAWN') THEN
        RAISE EXCEPTION 'a payment stands in its file until the file is withdrawn'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_payment_stands';
    END IF;
    IF NEW.answer <> OLD.answer AND holder.status NOT IN ('SENT', 'ANSWERED') THEN
        RAISE EXCEPTION 'a bank answers what it was sent'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_payment_answered_when_sent';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_file_payment BEFORE INSERT OR UPDATE OR DELETE ON public.file_payment
FOR EACH ROW EXECUTE FUNCTION public.guard_file_payment();

CREATE FUNCTION public.guard_file_signature() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    signed public.payment_file%ROWTYPE;
BEGIN
    SELECT * INTO signed FROM public.payment_file WHERE id = NEW.payment_file_id FOR UPDATE;
    IF NEW.signatory_id = signed.maker_id THEN
        RAISE EXCEPTION 'nobody signs the file they made'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_signatory_not_maker';
    END IF;
    IF signed.status <> 'DRAFT' OR NEW.sha256 <> signed.sha256 THEN
        RAISE EXCEPTION 'a signature is for the bytes of a draft'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_signature_of_draft';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard_file_signature BEFORE INSERT ON public.file_signature
FOR EACH ROW EXECUTE FUNCTION public.guard_file_signature();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.file_signature
FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.bank_answer
FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

REVOKE UPDATE, DELETE ON public.file_signature, public.bank_answer FROM hetao_app;
REVOKE DELETE ON public.payment_file, public.file_payment, public.bank_profile FROM hetao_app;

-- What is assumed of a bank that has no profile of its own. No bank said so; officers enter what theirs asks for.
INSERT INTO public.bank_profile (
    id, name, code_kind, code, repertoire, name_length, address_length, remittance_length, address_structured,
    purpose_placement, charge_bearer, source, verified, entered_at, version
) VALUES (
    '6f0a2c1e-7d3b-5a44-9c0e-3d1f5b7a9e01', 'Any bank', 'NONE', '', 'LATIN', 70, 35, 140, false,
    'REMITTANCE', 'SHAR',
    'Assumption of this system: character set x of SWIFT and the shortest usual lengths; ask the bank for its guide',
    false, '2026-01-01T00:00:00Z', 1
);
