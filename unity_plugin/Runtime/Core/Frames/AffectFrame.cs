using System;
using Sentio.Behaviour;

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
        /// <summary>Seconds for which the ages and confidences of an earlier frame count.</summary>
        public const double EvidenceSeconds = 1.0;

        internal const int WordBits = 31;
        internal const int WordCount = (AffectNames.Count + WordBits - 1) / WordBits;
        internal readonly float[] Values = new float[AffectNames.Count];

        // Bit b of word k is set where entry 31 k + b is known.
        internal readonly uint[] Words = new uint[WordCount];
        internal readonly float[] Ages = new float[AffectNames.Count];
        internal readonly float[] Confidences = new float[AffectNames.Count];

        // Seconds by which the evidence was sent before this frame.
        internal double EvidenceLate;

        // For each entry, the one that its evidence is about: valence for valence_level_sd.
        private static readonly int[] Bases = FindBases();

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

        /// <summary>Whether the frame has ages and confidences: its own, or those of a frame up to
        /// <see cref="EvidenceSeconds"/> before, because they are sent at a lower rate.</summary>
        public bool HasEvidence { get; internal set; }

        /// <summary>Whether an entry is known.</summary>
        public bool Has(AffectEntry entry) { return (Words[(int)entry / WordBits] >> (int)entry % WordBits & 1) != 0; }

        /// <summary>An entry, or NaN if it is not known: unknown is never 0.</summary>
        public float Value(AffectEntry entry) { return Has(entry) ? Values[(int)entry] : float.NaN; }

        /// <summary>An entry, or <paramref name="unknown"/> if it is not known.</summary>
        public float Value(AffectEntry entry, float unknown) { return Has(entry) ? Values[(int)entry] : unknown; }

        /// <summary>An entry, as components use it; NaN if unknown. An unknown level is computed from the entry that it
        /// ranks, in the range of all people: an older sidecar sends no levels.</summary>
        public float EffectiveValue(AffectEntry entry)
        {
            if (Has(entry) || entry < AffectEntry.ValenceLevel || entry > AffectEntry.FocusLevel) return Value(entry);
            var based = (AffectEntry)Bases[(int)entry];
            float value = based <= AffectEntry.Dominance ? 0.5f + 0.5f * Value(based) : Value(based);
            return float.IsNaN(value) ? value : (float)Elapsed.Clamp(value, 0, 1);
        }

        /// <summary>The confidence of an entry, as components use it, 0..1; 0 where it is unknown. Where no
        /// <see cref="Confidence"/> was sent: 1 for what a sensor measures, else the entry
        /// <see cref="AffectEntry.Confidence"/>.</summary>
        public float EffectiveConfidence(AffectEntry entry)
        {
            if (float.IsNaN(EffectiveValue(entry))) return 0f;
            float own = Confidence(entry), based = Confidence((AffectEntry)Bases[(int)entry]);
            return (float)EntryConfidence.Of(own, based, IsMeasured(entry), Value(AffectEntry.Confidence));
        }

        /// <summary>The former name of <see cref="EffectiveValue"/>; to be removed in the next version.</summary>
        [Obsolete("use EffectiveValue")]
        public float Followed(AffectEntry entry) { return EffectiveValue(entry); }

        /// <summary>The former name of <see cref="EffectiveConfidence"/>; to be removed in the next version.</summary>
        [Obsolete("use EffectiveConfidence")]
        public float Trust(AffectEntry entry) { return EffectiveConfidence(entry); }

        /// <summary>Seconds from the newest evidence for an entry to <see cref="Sent"/>; NaN if unknown.</summary>
        public float Age(AffectEntry entry)
        {
            return HasEvidence && Has(entry) ? Ages[(int)entry] + (float)EvidenceLate : float.NaN;
        }

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
            EvidenceLate = 0;
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
            if (HasEvidence) GiveEvidence(other, EvidenceLate);
            other.Stamp(Subject, Epoch, Seq, Sent, Captured, State);
        }

        /// <summary>Takes the ages and confidences of an earlier frame, if this one has none and they are not too
        /// old.</summary>
        internal void KeepEvidence(AffectFrame before)
        {
            double late = Sent - before.Sent + before.EvidenceLate;
            bool same = before.Epoch == Epoch && before.Subject == Subject;
            if (HasEvidence || !before.HasEvidence || !same || late < 0 || late > EvidenceSeconds) return;
            before.GiveEvidence(this, late);
            HasEvidence = true;
        }

        /// <summary>The entry that another one is about: arousal for its level and its deviation.</summary>
        internal static AffectEntry BaseOf(AffectEntry entry) { return (AffectEntry)Bases[(int)entry]; }

        // Measured by sensors, rather than estimated by the fusion.
        private static bool IsMeasured(AffectEntry entry)
        {
            return entry >= AffectEntry.HeartRate && entry <= AffectEntry.ScrRate
                || entry >= AffectEntry.Confidence && entry <= AffectEntry.SelfAge
                || entry >= AffectEntry.HeartRateSd && entry <= AffectEntry.ScrRateSd
                || entry >= AffectEntry.Smile && entry <= AffectEntry.ScrNow;
        }

        private static int[] FindBases()
        {
            var all = new int[AffectNames.Count];
            for (int i = 0; i < all.Length; i++)
            {
                string name = AffectNames.Of((AffectEntry)i);
                if (name.EndsWith("_sd", StringComparison.Ordinal)) name = name.Substring(0, name.Length - 3);
                if (name.EndsWith("_level", StringComparison.Ordinal)) name = name.Substring(0, name.Length - 6);
                all[i] = i;
                for (int k = 0; k < all.Length; k++) if (AffectNames.Of((AffectEntry)k) == name) all[i] = k;
            }
            return all;
        }

        private void GiveEvidence(AffectFrame other, double late)
        {
            Array.Copy(Ages, other.Ages, Ages.Length);
            Array.Copy(Confidences, other.Confidences, Confidences.Length);
            other.EvidenceLate = late;
        }
    }
}
