using System;
using Sentio.Simulation;
using UnityEngine;

namespace Sentio
{
    /// <summary>Targets and sensor quality of a simulated person.</summary>
    [Serializable]
    public sealed class SimulatedSliders
    {
        /// <summary>Valence.</summary>
        [Range(-1f, 1f)]
        public float Valence = 0.15f;

        /// <summary>Arousal.</summary>
        [Range(-1f, 1f)]
        public float Arousal = -0.2f;

        /// <summary>Dominance.</summary>
        [Range(-1f, 1f)]
        public float Dominance = 0.1f;

        /// <summary>Stress.</summary>
        [Range(0f, 1f)]
        public float Stress = 0.2f;

        /// <summary>Engagement.</summary>
        [Range(0f, 1f)]
        public float Engagement = 0.5f;

        /// <summary>Relaxation.</summary>
        [Range(0f, 1f)]
        public float Relaxation = 0.6f;

        /// <summary>Focus.</summary>
        [Range(0f, 1f)]
        public float Focus = 0.5f;

        /// <summary>Beats a minute.</summary>
        [Range(40f, 180f)]
        public float HeartRate = 68f;

        /// <summary>Breaths a minute.</summary>
        [Range(4f, 40f)]
        public float BreathingRate = 12f;

        /// <summary>Confidence with the best sensor quality.</summary>
        [Header("Sensors"), Range(0f, 1f)]
        public float Confidence = 0.7f;

        /// <summary>Quality of the face; 0 for no camera.</summary>
        [Range(0f, 1f)]
        public float FaceQuality = 0.9f;

        /// <summary>Quality of the voice; 0 for no microphone.</summary>
        [Range(0f, 1f)]
        public float VoiceQuality = 0.7f;

        /// <summary>Quality of the body sensors; 0 for none.</summary>
        [Range(0f, 1f)]
        public float BodyQuality = 0.95f;

        /// <summary>Quality of the EEG; 0 for none.</summary>
        [Range(0f, 1f)]
        public float EegQuality;

        internal void Give(double[] wanted)
        {
            wanted[(int)Level.Valence] = Valence;
            wanted[(int)Level.Arousal] = Arousal;
            wanted[(int)Level.Dominance] = Dominance;
            wanted[(int)Level.Stress] = Stress;
            wanted[(int)Level.Engagement] = Engagement;
            wanted[(int)Level.Relaxation] = Relaxation;
            wanted[(int)Level.Focus] = Focus;
            wanted[(int)Level.HeartRate] = HeartRate;
            wanted[(int)Level.BreathingRate] = BreathingRate;
        }

        internal void Give(SimulatedReading reading, double faded)
        {
            reading.Confidence = Confidence * faded;
            reading.Quality[0] = FaceQuality;
            reading.Quality[1] = VoiceQuality;
            reading.Quality[2] = BodyQuality;
            reading.Quality[3] = EegQuality;
        }
    }
}
