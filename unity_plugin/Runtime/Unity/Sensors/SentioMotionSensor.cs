using UnityEngine;

namespace Sentio
{
    /// <summary>Reads how head and hands move, for <see cref="SentioSensors"/> on the same object; needs consent for the
    /// sensor motion.</summary>
    /// <remarks>Positions in metres and the direction of the view, relative to the play space; no picture and nothing of
    /// the room.</remarks>
    [AddComponentMenu("Sentio/Sentio Motion Sensor")]
    public sealed class SentioMotionSensor : MonoBehaviour, ISentioSensor
    {
        private static readonly string[] Names =
        {
            "head_x", "head_y", "head_z", "head_forward_x", "head_forward_y", "head_forward_z",
            "left_x", "left_y", "left_z", "right_x", "right_y", "right_z",
        };

        [SerializeField, Tooltip("Unique name of the stream.")]
        private string stream = "headset_motion";

        [SerializeField, Tooltip("The head: the headset's camera below the XR rig.")]
        private Transform head;

        [SerializeField, Tooltip("The left hand's controller below the XR rig; empty if there is none.")]
        private Transform left;

        [SerializeField, Tooltip("The right hand's controller.")]
        private Transform right;

        [SerializeField, Range(5f, 60f), Tooltip("Rows a second, the rate of SentioSensors.")]
        private float rateHz = 30f;

        private SensorAbout _about;

        /// <summary>The head.</summary>
        public Transform Head { get { return head; } set { head = value; } }

        /// <summary>The left hand; null if there is none.</summary>
        public Transform Left { get { return left; } set { left = value; } }

        /// <summary>The right hand; null if there is none.</summary>
        public Transform Right { get { return right; } set { right = value; } }

        /// <inheritdoc/>
        public SensorAbout About { get { return _about ?? (_about = new SensorAbout(stream, "motion", rateHz, Names)); } }

        /// <inheritdoc/>
        public int Read(float[] rows)
        {
            if (!head) return 0;
            Write(rows, 0, head.localPosition);
            Write(rows, 3, head.localRotation * Vector3.forward);
            Write(rows, 6, Of(left));
            Write(rows, 9, Of(right));
            return 1;
        }

        private void OnValidate() { _about = null; }

        // A missing hand is unknown.
        private static Vector3 Of(Transform hand)
        {
            return hand ? hand.localPosition : new Vector3(float.NaN, float.NaN, float.NaN);
        }

        private static void Write(float[] rows, int at, Vector3 value)
        {
            rows[at] = value.x;
            rows[at + 1] = value.y;
            rows[at + 2] = value.z;
        }
    }
}
