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
        internal readonly float[] Values = new float[AffectNames.Count];
        internal ulong Mask;

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

        /// <summary>Whether an entry is known.</summary>
        public bool Has(AffectEntry entry) { return (Mask >> (int)entry & 1) != 0; }

        /// <summary>An entry, or NaN if it is not known: unknown is never 0.</summary>
        public float Value(AffectEntry entry) { return Has(entry) ? Values[(int)entry] : float.NaN; }

        /// <summary>An entry, or <paramref name="unknown"/> if it is not known.</summary>
        public float Value(AffectEntry entry, float unknown) { return Has(entry) ? Values[(int)entry] : unknown; }

        /// <summary>Sets an entry; NaN and infinity make it unknown. For simulators and tests.</summary>
        public void Set(AffectEntry entry, float value)
        {
            ulong bit = 1UL << (int)entry;
            bool known = !float.IsNaN(value) && !float.IsInfinity(value);
            Mask = known ? Mask | bit : Mask & ~bit;
            Values[(int)entry] = known ? value : 0f;
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
            other.Mask = Mask;
            other.Stamp(Subject, Epoch, Seq, Sent, Captured, State);
        }
    }
}
