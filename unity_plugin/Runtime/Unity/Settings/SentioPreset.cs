using UnityEngine;

namespace Sentio
{
    /// <summary>A named response to affect, which bindings and directors share.</summary>
    /// <remarks>The ready-made ones are in the package's folder <c>Runtime/Unity/Presets</c>; create your own with
    /// <b>Assets > Create > Sentio > Preset</b>.</remarks>
    [CreateAssetMenu(menuName = "Sentio/Preset", fileName = "SentioPreset")]
    public sealed class SentioPreset : ScriptableObject
    {
        [SerializeField, Tooltip("What it does, in one line for the players' settings and for the recording.")]
        private string title = "";

        [SerializeField, TextArea(2, 8), Tooltip("When to use it, and what to take care of.")]
        private string about = "";

        [Header("Binding")]
        [SerializeField, Tooltip("The entry of the affect vector that is followed.")]
        private AffectEntry entry = AffectEntry.ArousalLevel;

        [SerializeField, Tooltip("Maps affect (x, increasing) to the game's value (y).")]
        private Vector2[] points = { new Vector2(0f, 0f), new Vector2(1f, 1f) };

        [SerializeField, Tooltip("Smoothstep between the points instead of straight lines.")]
        private bool smooth = true;

        [SerializeField, Tooltip("The affect value that is used when nothing is known.")]
        private float neutral = 0.5f;

        [SerializeField, Range(0f, 30f), Tooltip("Time constant of the smoothing, seconds.")]
        private float smoothing = 2f;

        [SerializeField, Min(0f), Tooltip("Changes of affect that are ignored.")]
        private float deadBand = 0.02f;

        [SerializeField, Min(0f), Tooltip("Largest rise of the value per second; 0 for no limit.")]
        private float rise;

        [SerializeField, Min(0f), Tooltip("Largest fall of the value per second; 0 for no limit.")]
        private float fall;

        [Header("Director")]
        [SerializeField, Range(0f, 1f), Tooltip("Target value of the entry, 0 to 1.")]
        private float target = 0.6f;

        [SerializeField, Range(0f, 1f), Tooltip("Largest correction of the demand by the target.")]
        private float authority = 0.5f;

        [SerializeField, Range(0f, 5f), Tooltip("Proportional gain.")]
        private float kp = 1.2f;

        [SerializeField, Range(0f, 1f), Tooltip("Integral gain, a second.")]
        private float ki = 0.01f;

        /// <summary>What it does, in one line.</summary>
        public string Title { get { return title; } set { title = value; } }

        /// <summary>When to use it, and what to take care of.</summary>
        public string About { get { return about; } set { about = value; } }

        /// <summary>The entry of the affect vector that is followed.</summary>
        public AffectEntry Entry { get { return entry; } set { entry = value; } }

        /// <summary>Maps affect (x, increasing) to the game's value (y).</summary>
        public Vector2[] Points { get { return points; } set { points = value; } }

        /// <summary>Whether it eases between the points.</summary>
        public bool Smooth { get { return smooth; } set { smooth = value; } }

        /// <summary>The affect value that is used when nothing is known.</summary>
        public float Neutral { get { return neutral; } set { neutral = value; } }

        /// <summary>Time constant of the smoothing, seconds.</summary>
        public float Smoothing { get { return smoothing; } set { smoothing = value; } }

        /// <summary>Changes of affect that are ignored.</summary>
        public float DeadBand { get { return deadBand; } set { deadBand = value; } }

        /// <summary>Largest rise of the value per second; 0 for no limit.</summary>
        public float Rise { get { return rise; } set { rise = value; } }

        /// <summary>Largest fall of the value per second; 0 for no limit.</summary>
        public float Fall { get { return fall; } set { fall = value; } }

        /// <summary>Target value of the entry, 0..1.</summary>
        public float Target { get { return target; } set { target = value; } }

        /// <summary>Largest correction of the demand by the target.</summary>
        public float Authority { get { return authority; } set { authority = value; } }

        /// <summary>Proportional gain.</summary>
        public float Kp { get { return kp; } set { kp = value; } }

        /// <summary>Integral gain, a second.</summary>
        public float Ki { get { return ki; } set { ki = value; } }
    }
}
