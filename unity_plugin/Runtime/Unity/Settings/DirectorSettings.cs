using System;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Settings of a director's target and pacing; the defaults suit an action game.</summary>
    [Serializable]
    public sealed class DirectorSettings
    {
        /// <summary>The entry that measures intensity and is driven to the target: a level of the person's own range,
        /// arousal, or an entry of 0..1 such as engagement, stress, focus or flow.</summary>
        [Header("Target"), Tooltip("Measure of intensity: a level, arousal, engagement, stress, focus or flow.")]
        public AffectEntry TargetEntry = AffectEntry.ArousalLevel;

        /// <summary>Target value, 0..1; arousal's -1..1 is scaled to 0..1.</summary>
        [Range(0f, 1f), Tooltip("Target value; arousal's -1..1 is scaled to 0..1.")]
        public float Target = 0.6f;

        /// <summary>Largest correction of the pacing's demand by the target; 0 for pacing alone.</summary>
        [Range(0f, 1f), Tooltip("Largest correction of the pacing's demand by the target.")]
        public float Authority = 0.5f;

        /// <summary>Proportional gain.</summary>
        [Range(0f, 5f)]
        public float Kp = 1.2f;

        /// <summary>Integral gain, a second.</summary>
        [Range(0f, 1f)]
        public float Ki = 0.01f;

        /// <summary>Derivative gain, seconds.</summary>
        [Range(0f, 5f)]
        public float Kd;

        /// <summary>Smallest confidence of the entry at which it is used (<see cref="AffectFrame.Trust"/>).</summary>
        [Range(0f, 1f), Tooltip("Smallest confidence of the entry at which it is used.")]
        public float Threshold = EntryConfidence.Least;

        /// <summary>Intensity from which the player may be in distress, 0..1, of the absolute entry also where the
        /// target is its level, because every person has a high level at times.</summary>
        [Range(0f, 1f), Tooltip("Intensity from which the player may be in distress.")]
        public float DistressAt = 0.9f;

        /// <summary>Seconds of distress after which the demand does not increase.</summary>
        [Range(0f, 120f), Tooltip("Seconds of distress after which the demand does not increase.")]
        public float DistressSeconds = 15f;

        /// <summary>Weight of affect against performance at full confidence; less confident affect counts
        /// less.</summary>
        [Header("Pacing"), Range(0f, 1f), Tooltip("Weight of affect against performance at full confidence.")]
        public float Share = 0.5f;

        /// <summary>Time constant of the intensity, seconds.</summary>
        [Range(0f, 30f), Tooltip("Time constant of the intensity, seconds.")]
        public float Seconds = 3f;

        /// <summary>Intensity at which the peak is reached.</summary>
        [Range(0f, 1f)]
        public float PeakAt = 0.7f;

        /// <summary>Intensity at which calm is reached; below the peak.</summary>
        [Range(0f, 1f)]
        public float CalmAt = 0.35f;

        /// <summary>Longest build-up, seconds.</summary>
        [Range(1f, 600f)]
        public float BuildUp = 60f;

        /// <summary>Length of the peak, seconds.</summary>
        [Range(0.5f, 120f)]
        public float Peak = 4f;

        /// <summary>Longest fade, seconds.</summary>
        [Range(0.5f, 120f)]
        public float Fade = 20f;

        /// <summary>Shortest time to relax, seconds.</summary>
        [Range(0f, 300f)]
        public float RelaxLeast = 10f;

        /// <summary>Longest time to relax, seconds.</summary>
        [Range(0f, 300f)]
        public float RelaxMost = 40f;

        /// <summary>Smallest change of the demand that is reported.</summary>
        [Header("Reporting"), Range(0.01f, 1f), Tooltip("Smallest change of the demand that is reported.")]
        public float ReportStep = 0.1f;

        /// <summary>Shortest time between two reports, seconds.</summary>
        [Range(0f, 60f), Tooltip("Shortest time between two reports, seconds.")]
        public float ReportSeconds = 1f;

        /// <summary>What is wrong with the settings; empty if nothing is.</summary>
        public string Problem
        {
            get
            {
                if (RelaxMost < RelaxLeast) return "The longest time to relax is shorter than the shortest.";
                return CalmAt >= PeakAt ? "Calm is not below the peak: the pacing would depend on time only." : "";
            }
        }

        internal void Give(Pacing pacing, Pid pid, ConfidenceGate gate)
        {
            pacing.Share = Share;
            pacing.Seconds = Seconds;
            pacing.PeakAt = PeakAt;
            pacing.CalmAt = CalmAt;
            pacing.BuildUp = BuildUp;
            pacing.Peak = Peak;
            pacing.Fade = Fade;
            pacing.RelaxLeast = RelaxLeast;
            pacing.RelaxMost = RelaxMost;
            pid.Kp = Kp;
            pid.Ki = Ki;
            pid.Kd = Kd;
            pid.Low = -Authority;
            pid.High = Authority;
            gate.Threshold = Threshold;
        }
    }
}
