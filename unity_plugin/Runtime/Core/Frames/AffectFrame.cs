using System;

namespace Sentio
{
    /// <summary>State of the fused estimate (PROTOCOL.md, section 4).</summary>
    public enum AffectState
    {
        /// <summary>Enough evidence.</summary>
        Ok,

        /// <summary>Not enough evidence yet.</summary>
        Warming,

        /// <summary>No new evidence for a while.</summary>
        Stale,

        /// <summary>No subject is present.</summary>
        NoSubject,

        /// <summary>Consent was withdrawn.</summary>
        Withdrawn,
    }

    /// <summary>One estimate of a person's affect, as the sidecar sent it.</summary>
    /// <remarks>A client reuses its frames for the next state: copy what you keep
    /// (<see cref="CopyTo"/>).</remarks>
    public sealed class AffectFrame
    {
        internal const int WordBits = 31;
        internal const int WordCount = (AffectNames.Count + WordBits - 1) / WordBits;
        internal readonly float[] Values = new float[AffectNames.Count];

        // Bit b of word k is set where entry 31 k + b is known.
        internal readonly uint[] Words = new uint[WordCount];
        internal readonly float[] Ages = new float[AffectNames.Count];
        internal readonly float[] Confidences = new float[AffectNames.Count];

        /// <summary>The subject's name.</summary>
        public string Subject { get; internal set; } = "";

        /// <summary>Changes at every start of the sidecar; sequence numbers of different epochs cannot be
        /// compared.</summary>
        public long Epoch { get; internal set; }

        /// <summary>Counts the subject's frames, from 0.</summary>
        public long Seq { get; internal set; }

        /// <summary>When it was sent, seconds of the sidecar's clock.</summary>
        public double Sent { get; internal set; }

        /// <summary>Capture time of the newest sample, seconds of the sidecar's clock; NaN if there is
        /// none.</summary>
        public double Captured { get; internal set; } = double.NaN;

        /// <summary>State of the estimate.</summary>
        public AffectState State { get; internal set; } = AffectState.Warming;

        /// <summary>Whether the frame has ages and confidences; they are sent at a lower rate than frames.</summary>
        public bool HasEvidence { get; internal set; }

        /// <summary>Whether an entry is known.</summary>
        public bool Has(AffectEntry entry) { return (Words[(int)entry / WordBits] >> (int)entry % WordBits & 1) != 0; }

        /// <summary>An entry, or NaN if it is not known: unknown is never 0.</summary>
        public float Value(AffectEntry entry) { return Has(entry) ? Values[(int)entry] : float.NaN; }

        /// <summary>An entry, or <paramref name="unknown"/> if it is not known.</summary>
        public float Value(AffectEntry entry, float unknown) { return Has(entry) ? Values[(int)entry] : unknown; }

        /// <summary>Seconds from the newest evidence for an entry to <see cref="Sent"/>; NaN if unknown.</summary>
        public float Age(AffectEntry entry) { return HasEvidence && Has(entry) ? Ages[(int)entry] : float.NaN; }

        /// <summary>Confidence of an entry, 0..1; NaN if unknown.</summary>
        public float Confidence(AffectEntry entry) { return HasEvidence && Has(entry) ? Confidences[(int)entry] : float.NaN; }

        /// <summary>Sets an entry; NaN and infinity make it unknown. For simulators and tests.</summary>
        public void Set(AffectEntry entry, float value)
        {
            uint bit = 1u << (int)entry % WordBits;
            int word = (int)entry / WordBits;
            bool known = !float.IsNaN(value) && !float.IsInfinity(value);
            Words[word] = known ? Words[word] | bit : Words[word] & ~bit;
            Values[(int)entry] = known ? value : 0f;
        }

        /// <summary>Sets an entry's age in seconds and confidence 0..1, NaN if unknown; the first call makes those of
        /// all other entries unknown. For simulators and tests.</summary>
        public void SetEvidence(AffectEntry entry, float age, float confidence)
        {
            if (!HasEvidence) for (int i = 0; i < AffectNames.Count; i++) Ages[i] = Confidences[i] = float.NaN;
            HasEvidence = true;
            Ages[(int)entry] = age;
            Confidences[(int)entry] = confidence;
        }

        /// <summary>Sets the fields beside the values. For simulators and tests.</summary>
        public void Stamp(string subject, long epoch, long seq, double sent, double captured, AffectState state)
        {
            Subject = subject;
            Epoch = epoch;
            Seq = seq;
            Sent = sent;
            Captured = captured;
            State = state;
        }

        /// <summary>Copies everything into <paramref name="other"/>.</summary>
        public void CopyTo(AffectFrame other)
        {
            Array.Copy(Values, other.Values, Values.Length);
            Array.Copy(Words, other.Words, WordCount);
            other.HasEvidence = HasEvidence;
            if (HasEvidence)
            {
                Array.Copy(Ages, other.Ages, Ages.Length);
                Array.Copy(Confidences, other.Confidences, Confidences.Length);
            }
            other.Stamp(Subject, Epoch, Seq, Sent, Captured, State);
        }
    }
}
